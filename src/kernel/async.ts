import { setTimeout as wait } from 'node:timers/promises'

/** Resolves after `ms` or when the signal fires; check the signal to know which. Leaves no timer or listener behind. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {})
}
