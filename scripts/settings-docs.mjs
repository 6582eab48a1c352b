// `npm run docs:settings`: writes the files that are generated from the table of settings. Needs a build.
import { writeFileSync } from 'node:fs'
import { renderConfigurationPage, renderEnvExample } from '../dist/config/docs.js'

writeFileSync(new URL('../.env.example', import.meta.url), renderEnvExample())
writeFileSync(new URL('../docs/configuration.md', import.meta.url), renderConfigurationPage())
