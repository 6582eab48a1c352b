/** Undefined when the text is not a URL. Not `URL.canParse`: Node 20 starts to return false for any text with an ü. */
export function findUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
