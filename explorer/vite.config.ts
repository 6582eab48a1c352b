import { defineConfig } from 'vite'

export default defineConfig({
  // Every address is relative, so that the page works below any path of a proxy.
  base: './',
  publicDir: false,
  // Each package that marks itself for React's server side would be a warning.
  logLevel: 'error',
  build: {
    outDir: '../dist/explorer',
    assetsDir: 'explorer/assets',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // GraphiQL makes the spoken names of its icons out of the names of its functions.
    rolldownOptions: { output: { keepNames: true } },
  },
})
