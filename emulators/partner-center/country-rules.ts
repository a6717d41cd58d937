// How addresses are written where (partner-center.md 3). Countries without a line follow the general rule.

type Rule = {
  readonly culture: string
  readonly calling: string
  readonly postal?: string
  readonly states?: string
  readonly taxFormat?: string
  readonly taxSample?: string
}

const rules: Readonly<Record<string, Rule>> = {
  AT: {
    culture: 'de-AT',
    calling: '43',
    postal: '^\\d{4}$',
    taxFormat: '^ATU\\d{8}$',
    taxSample: 'ATU12345678',
  },
  AU: { culture: 'en-AU', calling: '61', postal: '^\\d{4}$' },
  BE: {
    culture: 'nl-BE',
    calling: '32',
    postal: '^\\d{4}$',
    taxFormat: '^BE\\d{10}$',
    taxSample: 'BE0123456789',
  },
  BR: {
    culture: 'pt-BR',
    calling: '55',
    postal: '^\\d{5}-?\\d{3}$',
    states: 'BA CE DF ES GO MG PE PR RJ RS SC SP',
  },
  CA: {
    culture: 'en-CA',
    calling: '1',
    postal: '^[A-Z]\\d[A-Z] ?\\d[A-Z]\\d$',
    states: 'AB BC MB NB NL NS NT NU ON PE QC SK YT',
  },
  CH: {
    culture: 'de-CH',
    calling: '41',
    postal: '^\\d{4}$',
    taxFormat: '^CHE\\d{9}$',
    taxSample: 'CHE123456789',
  },
  CZ: {
    culture: 'cs-CZ',
    calling: '420',
    postal: '^\\d{3} ?\\d{2}$',
    taxFormat: '^CZ\\d{8,10}$',
    taxSample: 'CZ12345678',
  },
  DE: {
    culture: 'de-DE',
    calling: '49',
    postal: '^\\d{5}$',
    taxFormat: '^DE\\d{9}$',
    taxSample: 'DE123456789',
  },
  DK: {
    culture: 'da-DK',
    calling: '45',
    postal: '^\\d{4}$',
    taxFormat: '^DK\\d{8}$',
    taxSample: 'DK12345678',
  },
  ES: {
    culture: 'es-ES',
    calling: '34',
    postal: '^\\d{5}$',
    taxFormat: '^ES[A-Z0-9]\\d{7}[A-Z0-9]$',
    taxSample: 'ESB12345678',
  },
  FI: {
    culture: 'fi-FI',
    calling: '358',
    postal: '^\\d{5}$',
    taxFormat: '^FI\\d{8}$',
    taxSample: 'FI12345678',
  },
  FR: {
    culture: 'fr-FR',
    calling: '33',
    postal: '^\\d{5}$',
    taxFormat: '^FR[A-Z0-9]{2}\\d{9}$',
    taxSample: 'FR12345678901',
  },
  GB: {
    culture: 'en-GB',
    calling: '44',
    postal: '^[A-Z]{1,2}\\d[A-Z0-9]? ?\\d[A-Z]{2}$',
    taxFormat: '^GB\\d{9}$',
    taxSample: 'GB123456789',
  },
  IE: { culture: 'en-IE', calling: '353' },
  IN: {
    culture: 'en-IN',
    calling: '91',
    postal: '^\\d{6}$',
    states: 'AP AS BR CH CT DL GA GJ HR KA KL MH MP OR PB RJ TG TN UP UT WB',
  },
  IT: {
    culture: 'it-IT',
    calling: '39',
    postal: '^\\d{5}$',
    taxFormat: '^IT\\d{11}$',
    taxSample: 'IT12345678901',
  },
  JP: { culture: 'ja-JP', calling: '81', postal: '^\\d{3}-?\\d{4}$' },
  KR: { culture: 'ko-KR', calling: '82', postal: '^\\d{5}$' },
  MX: { culture: 'es-MX', calling: '52', postal: '^\\d{5}$' },
  NL: {
    culture: 'nl-NL',
    calling: '31',
    postal: '^\\d{4} ?[A-Z]{2}$',
    taxFormat: '^NL\\d{9}B\\d{2}$',
    taxSample: 'NL123456789B01',
  },
  NO: { culture: 'nb-NO', calling: '47', postal: '^\\d{4}$' },
  NZ: { culture: 'en-NZ', calling: '64', postal: '^\\d{4}$' },
  PL: {
    culture: 'pl-PL',
    calling: '48',
    postal: '^\\d{2}-\\d{3}$',
    taxFormat: '^PL\\d{10}$',
    taxSample: 'PL1234567890',
  },
  PT: { culture: 'pt-PT', calling: '351', postal: '^\\d{4}-\\d{3}$' },
  SE: {
    culture: 'sv-SE',
    calling: '46',
    postal: '^\\d{3} ?\\d{2}$',
    taxFormat: '^SE\\d{12}$',
    taxSample: 'SE123456789012',
  },
  SG: { culture: 'en-SG', calling: '65', postal: '^\\d{6}$' },
  TR: { culture: 'tr-TR', calling: '90', postal: '^\\d{5}$' },
  US: {
    culture: 'en-US',
    calling: '1',
    postal: '^\\d{5}(-\\d{4})?$',
    states:
      'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY',
  },
  VE: { culture: 'es-VE', calling: '58', postal: '^\\d{4}$' },
  ZA: { culture: 'en-ZA', calling: '27', postal: '^\\d{4}$' },
}

const general: Rule = { culture: 'en-US', calling: '' }

const words = (text: string) => new Set(text.split(' '))
const needsNumberAndPhone = words('AM AZ BY HU KZ KG MD RU TJ UZ UA')
const needsNumber = words('BR IN ZA PL AE SA TR TH VN MM IQ SS VE')

export function countryRule(country: string) {
  const rule = rules[country] ?? general
  return {
    culture: rule.culture,
    calling: rule.calling,
    postal: rule.postal,
    states: rule.states?.split(' ') ?? [],
    taxFormat: rule.taxFormat,
    taxSample: rule.taxSample,
    needsRegistrationNumber: needsNumberAndPhone.has(country) || needsNumber.has(country),
    needsPhone: needsNumberAndPhone.has(country),
  }
}
