import { defineConfig } from 'vite'

// The gateway allows only this origin (CORS_ORIGINS), so the server must not move to another port if this one is busy.
const address = { host: '127.0.0.1', port: 5173, strictPort: true }

export default defineConfig({ root: import.meta.dirname, server: address, preview: address })
