import { describe, expect, it } from 'vitest'
import { createLogger, type Logger, type LogLevel } from '../../src/telemetry/logger.js'

function collecting(level: LogLevel = 'debug'): { logger: Logger; lines: string[] } {
  const lines: string[] = []
  const logger = createLogger(level, { write: (line) => void lines.push(line) })
  return { logger, lines }
}

describe('the logger', () => {
  it('writes one JSON object per line with level, time, message and fields, and nothing about the machine', () => {
    const { logger, lines } = collecting()
    logger.warn({ operation: 'payment-link.show' }, 'upstream call failed')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^[^\n]*\n$/)
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      operation: 'payment-link.show',
      msg: 'upstream call failed',
    })
  })

  it.each<[LogLevel, number]>([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ])('writes at level %s %i of the four levels', (level, count) => {
    const { logger, lines } = collecting(level)
    for (const at of ['debug', 'info', 'warn', 'error'] as const) logger[at]({}, 'said')
    expect(lines).toHaveLength(count)
  })

  it.each([
    'authorization',
    'Authorization',
    'x-partner-id',
    'X-PARTNER-ID',
    'token',
    'secret',
    'clientSecret',
    'variables',
  ])('censors %s at any depth', (name) => {
    const { logger, lines } = collecting()
    logger.info({ [name]: 'hush' }, 'top')
    logger.info({ headers: { [name]: 'hush' } }, 'below')
    logger.info({ request: { headers: { [name]: { inner: 'hush' } } } }, 'deep')
    expect(lines).toHaveLength(3)
    for (const line of lines) {
      expect(line).not.toContain('hush')
      expect(line).toContain('[censored]')
    }
  })

  it('logs where an error was raised, but neither its message nor paths of the machine', () => {
    const { logger, lines } = collecting()
    const cause = new Error('inner.example said {"token":"hush"}')
    logger.error({ err: Object.assign(new Error('hush', { cause }), { code: 'ECONNREFUSED' }) }, 'failed')
    const { err } = JSON.parse(lines[0] ?? '') as { err: { at: string[] } }
    expect(err).toMatchObject({ name: 'Error', code: 'ECONNREFUSED', cause: { name: 'Error' } })
    expect(err.at.join()).toMatch(/telemetry\/logger\.test\.ts:\d+/)
    for (const hidden of ['hush', 'inner.example', process.cwd(), 'node_modules'])
      expect(lines[0]).not.toContain(hidden)
  })

  it('keeps the message of an error raised by the JavaScript engine', () => {
    const { logger, lines } = collecting()
    const nothing: { deep?: { er: string } } = {}
    try {
      logger.info({ er: (nothing.deep as { er: string }).er }, 'unreachable')
    } catch (err) {
      logger.error({ err }, 'failed')
    }
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: { name: 'TypeError', message: expect.stringContaining("'er'") },
    })
  })

  it('ignores forged stack frames in a message, and ends at a cycle of causes', () => {
    const { logger, lines } = collecting()
    const err = new Error('x\n    at hush (file:///home/hush/src/hush.ts:1:2)')
    err.cause = err
    logger.error({ err }, 'failed')
    logger.error({ err: 'hush' }, 'failed')
    expect(lines.join()).not.toContain('hush')
  })
})
