import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'

/** What we ask for. `DECODERS` also knows what servers send instead. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br'

/** Usually one; more if a proxy compresses as well. */
const LAYERS_MAX = 3

type Decode = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>

const decodeGzip: Decode = promisify(gunzip)
const decodeZlib: Decode = promisify(inflate)
const decodeRaw: Decode = promisify(inflateRaw)
const decodeBrotli: Decode = promisify(brotliDecompress)

/** Some servers write `none`, or the charset, where there is no encoding. */
const DECODERS: ReadonlyMap<string, Decode> = new Map([
  ['gzip', decodeGzip],
  // An older name of gzip (RFC 9110, 8.4.1.3).
  ['x-gzip', decodeGzip],
  // Some servers leave out the zlib wrapper (RFC 9110, 8.4.1.2).
  ['deflate', (bytes, options) => decodeZlib(bytes, options).catch(() => decodeRaw(bytes, options))],
  ['br', decodeBrotli],
  ...['identity', 'none', 'utf-8', 'utf8'].map((name): [string, Decode] => [name, async (bytes) => bytes]),
])

/**
 * Undoes the encodings of a `Content-Encoding` header, the last one first.
 * @throws Error when one is unknown or does not fit the bytes, or when the result is larger than `bytesMax`
 */
export async function decode(bytes: Uint8Array, contentEncoding: string, bytesMax: number): Promise<Uint8Array> {
  if (bytes.byteLength === 0 || contentEncoding === '') return bytes
  const layers = contentEncoding.toLowerCase().split(',', LAYERS_MAX + 1)
  if (layers.length > LAYERS_MAX) throw new Error(`Expected at most ${LAYERS_MAX} content encodings, but got more.`)
  let decoded = bytes
  for (const layer of layers.reverse()) {
    const decodeLayer = DECODERS.get(layer.trim())
    if (decodeLayer === undefined) throw new Error('The content encoding is unknown.')
    decoded = await decodeLayer(decoded, { maxOutputLength: bytesMax })
  }
  return decoded
}
