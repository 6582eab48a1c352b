import type { Plugin } from 'vite'

/**
 * Replaces each `graphql` tag with the compiler's artifact, for Vite and Vitest. Next.js and Babel have plugins of their own
 * (`compiler.relay`, `babel-plugin-relay`) and do not need this file.
 */
export function relayGraphqlTag(): Plugin {
  return {
    name: 'relay-graphql-tag',
    enforce: 'pre',
    transform(code, path) {
      if (!/\.tsx?$/.test(path) || !code.includes('graphql`')) return null
      const imports: string[] = []
      const replaced = code.replace(TAG, (text, name: string) => {
        imports.push(`import ${name}_artifact from './__generated__/${name}.graphql'`)
        // Line numbers stay the same, so stack traces and breakpoints keep working.
        return `${name}_artifact${'\n'.repeat(text.split('\n').length - 1)}`
      })
      return { code: `${imports.join(';')};${replaced}`, map: null }
    },
  }
}

const TAG = /\bgraphql`\s*(?:query|mutation|fragment)\s+(\w+)[^`]*`/g
