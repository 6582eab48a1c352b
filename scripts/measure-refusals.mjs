// `npm run measure:refusals`: measures how long it takes to refuse each hostile document of
// test/security/hostile-documents.ts.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const { status } = spawnSync('npx', ['vitest', 'run', 'test/security/refusal-time.test.ts'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: { ...process.env, MEASURE: '1' },
})
process.exit(status ?? 1)
