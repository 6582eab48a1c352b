// `npm run fuzz -- [--inputs 100000] [--seed 4292] [--seconds 900]`: the full run of the fuzz test that
// `npm test` runs scaled down. Failing inputs are saved in test/security/corpus, and every `npm test` replays them.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '4292' },
    seconds: { type: 'string', default: '900' },
  },
})
const root = fileURLToPath(new URL('..', import.meta.url))
const { status } = spawnSync('npx', ['vitest', 'run', 'test/security/fuzz.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, FUZZ_INPUTS: values.inputs, FUZZ_SEED: values.seed, FUZZ_SECONDS: values.seconds },
})
process.exit(status ?? 1)
