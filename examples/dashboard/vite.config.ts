import { defineConfig } from 'vite'

// The gateway lets in the page of one address only (CORS_ORIGINS), so a busy port must not move it.
const address = { host: '127.0.0.1', port: 5173, strictPort: true }

export default defineConfig({ root: import.meta.dirname, server: address, preview: address })
