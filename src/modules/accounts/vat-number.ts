// VAT numbers by country: their form, not whether the tax office knows them. Forms of the EU are those of VIES; Greece
// writes EL, Monaco is registered in France, Northern Ireland may write XI.

type Form = { readonly prefix: string; readonly body: RegExp; readonly example: string }

const form = (prefix: string, body: string, example: string): Form => ({
  prefix,
  body: new RegExp(`^(${body})$`),
  example,
})

const forms: Readonly<Record<string, readonly Form[]>> = {
  AT: [form('AT', 'U\\d{8}', 'ATU12345678')],
  BE: [form('BE', '[01]\\d{9}', 'BE0123456789')],
  BG: [form('BG', '\\d{9,10}', 'BG123456789')],
  CH: [form('CHE', '\\d{9}(MWST|TVA|IVA)?', 'CHE123456789MWST')],
  CY: [form('CY', '\\d{8}[A-Z]', 'CY12345678X')],
  CZ: [form('CZ', '\\d{8,10}', 'CZ12345678')],
  DE: [form('DE', '\\d{9}', 'DE123456789')],
  DK: [form('DK', '\\d{8}', 'DK12345678')],
  EE: [form('EE', '\\d{9}', 'EE123456789')],
  ES: [form('ES', '[A-Z]\\d{7}[A-Z0-9]|\\d{8}[A-Z]', 'ESX12345678')],
  FI: [form('FI', '\\d{8}', 'FI12345678')],
  FR: [form('FR', '[A-HJ-NP-Z0-9]{2}\\d{9}', 'FR12345678901')],
  GB: [
    form('GB', '\\d{9}|\\d{12}|(GD|HA)\\d{3}', 'GB123456789'),
    form('XI', '\\d{9}|\\d{12}|(GD|HA)\\d{3}', 'XI123456789'),
  ],
  GR: [form('EL', '\\d{9}', 'EL123456789')],
  HR: [form('HR', '\\d{11}', 'HR12345678901')],
  HU: [form('HU', '\\d{8}', 'HU12345678')],
  IE: [form('IE', '\\d[A-Z0-9+*]\\d{5}[A-Z]|\\d{7}[A-Z]{2}', 'IE1234567X')],
  IT: [form('IT', '\\d{11}', 'IT12345678901')],
  LT: [form('LT', '\\d{9}|\\d{12}', 'LT123456789')],
  LU: [form('LU', '\\d{8}', 'LU12345678')],
  LV: [form('LV', '\\d{11}', 'LV12345678901')],
  MC: [form('FR', '[A-HJ-NP-Z0-9]{2}\\d{9}', 'FR12345678901')],
  MT: [form('MT', '\\d{8}', 'MT12345678')],
  NL: [form('NL', '[A-Z0-9+*]{9}B[A-Z0-9+*]{2}', 'NL123456789B01')],
  NO: [form('NO', '\\d{9}(MVA)?', 'NO123456789MVA')],
  PL: [form('PL', '\\d{10}', 'PL1234567890')],
  PT: [form('PT', '\\d{9}', 'PT123456789')],
  RO: [form('RO', '\\d{2,10}', 'RO1234567890')],
  SE: [form('SE', '\\d{12}', 'SE123456789001')],
  SI: [form('SI', '\\d{8}', 'SI12345678')],
  SK: [form('SK', '\\d{10}', 'SK1234567890')],
}

function matches(text: string, { prefix, body }: Form): boolean {
  return text.startsWith(prefix) && body.test(text.slice(prefix.length))
}

/** The countries whose numbers look exactly like this one, prefix included. */
function countriesOf(text: string): string[] {
  return Object.keys(forms).filter((country) => forms[country]?.some((each) => matches(text, each)))
}

export type VatNumberAnswer =
  /** In the form it is stored in: upper-case, nothing between, the country's prefix in front. */
  | { readonly outcome: 'fine'; readonly vatNumber: string }
  | { readonly outcome: 'other-country'; readonly country: string }
  | { readonly outcome: 'wrong-form'; readonly example: string | undefined }

/**
 * Reads a VAT number of a country. One without its prefix gets it; one with the prefix of another country is said to be
 * that country's. Countries outside the table keep what looks like a tax number at all.
 */
export function readVatNumber(text: string, country: string): VatNumberAnswer {
  const plain = text.toUpperCase().replace(/[\s.\-/]/g, '')
  const own = forms[country] ?? []
  // Greeks write GR often enough; the number is the same.
  const meant = country === 'GR' ? plain.replace(/^GR(?=\d)/, 'EL') : plain
  if (own.some((each) => matches(meant, each))) return { outcome: 'fine', vatNumber: meant }
  const other = countriesOf(plain)[0]
  if (other) return { outcome: 'other-country', country: other }
  const first = own[0]
  if (first?.body.test(plain)) return { outcome: 'fine', vatNumber: first.prefix + plain }
  if (!first && /^[A-Z0-9]{4,20}$/.test(plain)) return { outcome: 'fine', vatNumber: plain }
  return { outcome: 'wrong-form', example: first?.example }
}
