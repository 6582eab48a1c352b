import type { Plugin } from 'vite'

/**
 * Puts the compiler's artifact in the place of each `graphql` tag, for Vite and Vitest. Next.js and Babel have a plugin of
 * their own (`compiler.relay`, `babel-plugin-relay`): then this file is not needed.
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
        // Lines stay where they are, so that stack traces and breakpoints do.
        return `${name}_artifact${'\n'.repeat(text.split('\n').length - 1)}`
      })
      return { code: `${imports.join(';')};${replaced}`, map: null }
    },
  }
}

const TAG = /\bgraphql`\s*(?:query|mutation|fragment)\s+(\w+)[^`]*`/g
