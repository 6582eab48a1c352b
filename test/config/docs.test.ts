import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { renderConfigurationPage, renderEnvExample } from '../../src/config/docs.js'
import { loadSettings } from '../../src/config/load.js'
import { SETTINGS, type Setting } from '../../src/config/settings.js'

const WHAT_TO_DO = 'run `npm run docs:settings` and check the result in'

describe('what is generated from the settings', () => {
  it.each([
    ['.env.example', renderEnvExample()],
    ['docs/configuration.md', renderConfigurationPage()],
  ])('%s is up to date', (path, expected) => {
    expect(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'), WHAT_TO_DO).toBe(expected)
  })

  it('documents every setting by name', () => {
    for (const { name } of Object.values<Setting<unknown>>(SETTINGS))
      expect(renderConfigurationPage()).toContain(`\`${name}\``)
  })

  it('is an example that works when every line is uncommented over the sandbox', () => {
    const lines = renderEnvExample().match(/^# [A-Z_]+=.*$/gm) ?? []
    const env = Object.fromEntries(lines.map((line) => line.slice(2).split('=', 2) as [string, string]))
    expect(lines.length).toBeGreaterThan(15)
    expect(loadSettings({ ...env, SINGAPAY_BASE_URL: 'sandbox' })).toEqual(
      loadSettings({ SINGAPAY_BASE_URL: 'sandbox' }),
    )
  })
})
