/** Undefined when the text is no URL. Not `URL.canParse`: Node 20 comes to answer no for every text with an ü in it. */
export function findUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
