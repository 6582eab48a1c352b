import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { renderConfigurationPage, renderEnvExample } from '../../src/config/docs.js'
import { loadSettings } from '../../src/config/load.js'
import { SETTINGS, type Setting } from '../../src/config/settings.js'

const WHAT_TO_DO = 'run `npm run docs:settings` and check the result in'

describe('the documentation of the settings', () => {
  it.each([
    ['.env.example', renderEnvExample()],
    ['docs/configuration.md', renderConfigurationPage()],
  ])('keeps %s up to date', (path, expected) => {
    expect(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'), WHAT_TO_DO).toBe(expected)
  })

  it('documents every setting by name', () => {
    for (const { name } of Object.values<Setting<unknown>>(SETTINGS))
      expect(renderConfigurationPage()).toContain(`\`${name}\``)
  })

  it('writes a .env.example that works with every line uncommented', () => {
    const lines = renderEnvExample().match(/^# [A-Z_]+=.*$/gm) ?? []
    const env = Object.fromEntries(lines.map((line) => line.slice(2).split('=', 2) as [string, string]))
    expect(lines.length).toBeGreaterThan(15)
    expect(loadSettings({ ...env, SINGAPAY_BASE_URL: 'sandbox' })).toEqual(
      loadSettings({ SINGAPAY_BASE_URL: 'sandbox' }),
    )
  })
})
