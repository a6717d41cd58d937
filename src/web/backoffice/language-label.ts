// Languages of texts as the seller's people read them. Only on the server.

/** `German`, `German (Switzerland)`. */
export function languageLabel(tag: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
