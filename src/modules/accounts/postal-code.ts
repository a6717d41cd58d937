// Postal codes by country. A country in this table must have one of this form; any other country may have one or none.

type Form = { readonly pattern: RegExp; readonly example: string; readonly isOptional?: true }

const digits = (count: number, example: string): Form => ({ pattern: new RegExp(`^\\d{${count}}$`), example })
const threeAndTwo = (example: string): Form => ({ pattern: /^\d{3} ?\d{2}$/, example })

const forms: Readonly<Record<string, Form>> = {
  AT: digits(4, '1010'),
  AU: digits(4, '2000'),
  BE: digits(4, '1000'),
  BG: digits(4, '1000'),
  BR: { pattern: /^\d{5}-?\d{3}$/, example: '01310-100' },
  CA: { pattern: /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d$/, example: 'K1A 0B1' },
  CH: digits(4, '8001'),
  CN: digits(6, '100000'),
  CY: digits(4, '1010'),
  CZ: threeAndTwo('110 00'),
  DE: digits(5, '10115'),
  DK: digits(4, '1050'),
  EE: digits(5, '10111'),
  ES: digits(5, '28001'),
  FI: digits(5, '00100'),
  FR: digits(5, '75001'),
  GB: { pattern: /^(GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})$/, example: 'SW1A 1AA' },
  GR: threeAndTwo('105 57'),
  HR: digits(5, '10000'),
  HU: digits(4, '1051'),
  // Eircodes are young; many Irish companies still give none.
  IE: {
    pattern: /^[AC-FHKNPRTV-Y](\d{2}|6W) ?[0-9AC-FHKNPRTV-Y]{4}$/,
    example: 'D02 AF30',
    isOptional: true,
  },
  IN: { pattern: /^[1-9]\d{2} ?\d{3}$/, example: '110001' },
  IS: digits(3, '101'),
  IT: digits(5, '00184'),
  JP: { pattern: /^\d{3}-?\d{4}$/, example: '100-0001' },
  KR: digits(5, '04524'),
  LI: digits(4, '9490'),
  LT: { pattern: /^(LT-)?\d{5}$/, example: 'LT-01100' },
  LU: { pattern: /^(L-)?\d{4}$/, example: '1111' },
  LV: { pattern: /^(LV-)?\d{4}$/, example: 'LV-1010' },
  MC: { pattern: /^980\d{2}$/, example: '98000' },
  MT: { pattern: /^[A-Z]{3} ?\d{4}$/, example: 'VLT 1117' },
  MX: digits(5, '06000'),
  NL: { pattern: /^[1-9]\d{3} ?[A-Z]{2}$/, example: '1012 AB' },
  NO: digits(4, '0150'),
  NZ: digits(4, '6011'),
  PL: { pattern: /^\d{2}-\d{3}$/, example: '00-950' },
  PT: { pattern: /^\d{4}-\d{3}$/, example: '1100-148' },
  RO: digits(6, '010011'),
  RS: digits(5, '11000'),
  SE: threeAndTwo('111 20'),
  SG: digits(6, '018956'),
  SI: { pattern: /^(SI-)?\d{4}$/, example: '1000' },
  SK: threeAndTwo('811 01'),
  TR: digits(5, '34000'),
  UA: digits(5, '01001'),
  US: { pattern: /^\d{5}(-\d{4})?$/, example: '98052' },
  ZA: digits(4, '8001'),
}

const anywhere = /^[A-Z0-9][A-Z0-9 -]{1,10}$/

/** As it is stored: upper-case, single spaces. */
export function postalCodeText(text: string): string {
  return text.trim().toUpperCase().replace(/\s+/g, ' ')
}

/** What is wrong with a postal code (as `postalCodeText` gives it) of a country; undefined where nothing is. */
export function postalCodeFault(
  code: string,
  country: string,
): { code: string; example: string | undefined } | undefined {
  const form = forms[country]
  if (code === '') return form && !form.isOptional ? { code: 'required', example: form.example } : undefined
  if ((form?.pattern ?? anywhere).test(code)) return undefined
  return { code: 'wrong-form', example: form?.example }
}
