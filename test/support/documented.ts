import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type FencedBlock, fencedBlocks } from './markdown.js'

/** The examples of a page: an operation or a command, with the JSON block that follows it. */
export function askedIn(page: string): { readonly ask: FencedBlock; readonly response: string }[] {
  return fencedBlocks(page).flatMap((block, index, blocks) => {
    const before = blocks[index - 1]
    return block.language === 'json' && (before?.language === 'sh' || before?.language === 'graphql')
      ? [{ ask: before, response: block.text }]
      : []
  })
}

/** Runs a command in a shell. On a machine without curl, sends the request that curl would send. */
export async function outputOf(command: string): Promise<string> {
  const shell = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  shell.stdout.on('data', (chunk: Buffer) => (output += chunk))
  const [code] = (await once(shell, 'close')) as [number]
  return code === 127 ? responseTo(command) : output
}

async function responseTo(command: string): Promise<string> {
  const valuesOf = (option: string) =>
    [...command.matchAll(new RegExp(`${option} '([^']*)'`, 'g'))].map(([, value = '']) => value)
  const headers = Object.fromEntries(valuesOf('-H').map((line) => line.split(': ') as [string, string]))
  const url = new URL(/curl (\S+)/.exec(command)?.[1] ?? '')
  for (const pair of valuesOf('--data-urlencode'))
    url.searchParams.set(...(pair.split(/=(.*)/s, 2) as [string, string]))
  const [body] = valuesOf('-d')
  const response = await fetch(url, body === undefined ? { headers } : { method: 'POST', headers, body })
  return response.text()
}
