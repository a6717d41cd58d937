// The languages people are written to in, as a drop-down offers them. Only on the server.

const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'cs', 'pt', 'sv']

/** With the language somebody has, where it is another one. */
export function languageChoices(has?: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(['en'], { type: 'language' })
  const offered = has && !languages.includes(has) ? [has, ...languages] : languages
  return offered.map((code) => ({ value: code, label: names.of(code) ?? code }))
}
