// `npm run screenshots`: takes the screenshots of the pages again, into docs/images/ of the folder above.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

// Node 20 cannot run TypeScript; Vite can.
const { module } = await runnerImport(fileURLToPath(new URL('dashboard/screenshot.ts', import.meta.url)))
await module.takeScreenshot(fileURLToPath(new URL('../docs/images/dashboard.png', import.meta.url)))
