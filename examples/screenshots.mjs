// `npm run screenshots`: draws the pictures of the pages anew, into docs/images/ of the folder above.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

// Vite reads what Node 20 cannot: TypeScript.
const { module } = await runnerImport(fileURLToPath(new URL('dashboard/screenshot.ts', import.meta.url)))
await module.takeScreenshot(fileURLToPath(new URL('../docs/images/dashboard.png', import.meta.url)))
