import type { EngineBehaviour } from './behaviour.js'
import { type ControlRoute, controlRoute } from './control.js'
import type { FaultRule } from './faults.js'
import type { Sandbox } from './sandbox.js'
import type { Changes } from './switches.js'

/** The engine's part of `Sandbox` over HTTP. */
export function engineControls(sandbox: Sandbox): readonly ControlRoute[] {
  const { log, behaviour, faults } = sandbox
  return [
    controlRoute('GET', '', () => ({ url: sandbox.url, merchants: sandbox.merchants })),
    controlRoute('GET', '/log', ({ query }) => {
      const operation = query.get('operation') ?? undefined
      return {
        count: log.count(operation),
        peakConcurrency: log.peakConcurrency(operation),
        entries: log.entries.filter((entry) => operation === undefined || entry.operation === operation),
      }
    }),
    controlRoute('DELETE', '/log', () => log.clear()),
    controlRoute('GET', '/behaviour', () => behaviour.current),
    controlRoute('PUT', '/behaviour', ({ body }) => behaviour.change(body() as Changes<EngineBehaviour>)),
    controlRoute('DELETE', '/behaviour', () => behaviour.reset()),
    controlRoute('GET', '/faults', () => faults.list()),
    controlRoute('POST', '/faults', ({ body }) => ({ id: faults.add(body() as unknown as FaultRule) })),
    controlRoute('DELETE', '/faults', () => faults.clear()),
    controlRoute('DELETE', '/faults/:id', ({ param }) => faults.clear(Number(param('id')))),
    controlRoute('POST', '/revoke-tokens', () => sandbox.revokeTokens()),
    controlRoute('POST', '/advance-clock', ({ body }) => sandbox.advanceClock(body()['ms'] as number)),
  ]
}
