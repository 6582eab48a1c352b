import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'

/** What is asked for, and what servers send instead is understood. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br'

/** An answer wears one, or another where what stands before the server compresses too. */
const LAYERS_MAX = 3

type Undo = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>

const undoGzip: Undo = promisify(gunzip)
const undoZlib: Undo = promisify(inflate)
const undoRaw: Undo = promisify(inflateRaw)
const undoBrotli: Undo = promisify(brotliDecompress)

/** Scripts write `none` where nothing was done, and the charset, which is no encoding. */
const UNDO: ReadonlyMap<string, Undo> = new Map([
  ['gzip', undoGzip],
  // An older name of it (RFC 9110, 8.4.1.3).
  ['x-gzip', undoGzip],
  // Some servers leave out the zlib format that belongs around it (RFC 9110, 8.4.1.2).
  ['deflate', (bytes, options) => undoZlib(bytes, options).catch(() => undoRaw(bytes, options))],
  ['br', undoBrotli],
  ...['identity', 'none', 'utf-8', 'utf8'].map((name): [string, Undo] => [name, async (bytes) => bytes]),
])

/**
 * Undoes what `Content-Encoding` names, the last first.
 * @throws Error when it is not what it says, is none that is understood, or has more than so many bytes
 */
export async function decode(bytes: Uint8Array, contentEncoding: string, bytesMax: number): Promise<Uint8Array> {
  if (bytes.byteLength === 0 || contentEncoding === '') return bytes
  const layers = contentEncoding.toLowerCase().split(',', LAYERS_MAX + 1)
  if (layers.length > LAYERS_MAX) throw new Error('The answer is encoded too many times.')
  let decoded = bytes
  for (const layer of layers.reverse()) {
    const undo = UNDO.get(layer.trim())
    if (undo === undefined) throw new Error('The answer has an encoding that is not understood.')
    decoded = await undo(decoded, { maxOutputLength: bytesMax })
  }
  return decoded
}
