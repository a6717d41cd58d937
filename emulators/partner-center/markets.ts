// Markets, regions and currencies (partner-center.md 15.1, state of October 2023): data to be edited, not rules.

type Region = { readonly name: string; readonly currencies: Readonly<Record<string, string>> }

const regions: readonly Region[] = [
  {
    name: 'Africa',
    currencies: {
      USD: 'AO BJ BW BF BI CM CV CF TD KM CG CD CI DJ GQ ER ET PF GA GM GH GN GW KE LR MG MW ML MU YT NA NC NE NG RE RW ST SN SC SL SO SS SH TZ TG UG ZM',
    },
  },
  {
    name: 'Asia and Pacific',
    currencies: { USD: 'BD BT BN KH HK ID LA MO MY MV MM NP PH SG LK TH TL VN' },
  },
  {
    name: 'Australia',
    currencies: { AUD: 'AU CX CC CK FJ TF HM KI MH FM NR NU NF PW PG PN SB TK TO TV WF' },
  },
  { name: 'Brazil', currencies: { BRL: 'BR' } },
  { name: 'Canada', currencies: { CAD: 'CA PM' } },
  { name: 'China', currencies: { CNY: 'CN' } },
  {
    name: 'Europe',
    currencies: {
      EUR: 'AX AD AT BE BV BG HR CY CZ EE FI FR DE GR GL HU IS IE IT LV LI LT LU MT MC NL PL PT RO SM SK SI ES',
      DKK: 'DK FO',
      GBP: 'GB GG GI IM JE',
      NOK: 'NO SJ',
      SEK: 'SE',
      CHF: 'CH',
      '': 'VA',
    },
  },
  { name: 'India', currencies: { INR: 'IN' } },
  { name: 'Japan', currencies: { JPY: 'JP' } },
  { name: 'Korea', currencies: { KRW: 'KR' } },
  { name: 'Taiwan', currencies: { TWD: 'TW' } },
  {
    name: 'Latin America and Caribbean',
    currencies: {
      USD: 'AI AQ AG AR AW BS BB BZ BM BO BQ VG KY CL CO CR CW DM DO EC SV FK GF GD GP GT GY HT HN JM MQ MX MS NI PA PY PE PR BL LC MF VC SX GS SR TT TC UY VE VI',
      '': 'KN',
    },
  },
  {
    name: 'Middle East, Central and Eastern Europe',
    currencies: {
      USD: 'AF AL DZ AM AZ BH IO EG GE IQ IL JO KZ XK KW KG LB LS LY MR MD MN ME MA MZ OM PK QA SA RS ZA SZ TJ TN TR TM UA AE UZ YE ZW',
      '': 'BA MK PS',
    },
  },
  { name: 'New Zealand', currencies: { NZD: 'NZ WS VU' } },
  { name: 'United States', currencies: { USD: 'US AS GU MP UM' } },
]

export type Market = {
  readonly code: string
  readonly region: string
  /** Billing currency of a partner located here; empty where Microsoft names none, and then there is no sheet either. */
  readonly currency: string
}

export const markets: ReadonlyMap<string, Market> = new Map(
  regions.flatMap((region) =>
    Object.entries(region.currencies).flatMap(([currency, codes]) =>
      codes.split(' ').map((code): [string, Market] => [code, { code, region: region.name, currency }]),
    ),
  ),
)

export const regionNames = regions.map((region) => region.name)

/** No software subscription is sold here. BR stands on the published list too, yet is priced: we sell it. */
const withoutSubscriptions = new Set(
  'AD AG AI AQ AS AW AX BI BJ BL BQ BT BV BF CC CD CF CG CK CX DJ DM ER FK FM GA GD GF GG GI GL GM GN GP GQ GS GU GW GY HM HT IM IO JE KH KI KM LA LC LR LS MF MG MH ML MM MP MQ MR MS MV MW MZ NC NE NF NR NU PF PG PM PN PW RE SB SC SH SJ SL SM SO SR SS ST SX SZ TC TD TF TG TK TL TO TV UM VC VG VU WF WS XK YE YT CN'.split(
    ' ',
  ),
)

/** Nobody lives here: the software sheet has a header and no row. */
const withoutSoftware = new Set(['AQ', 'BV', 'HM'])

export function sellsSubscriptions(market: string): boolean {
  return !withoutSubscriptions.has(market)
}

export function sellsSoftware(market: string): boolean {
  return !withoutSoftware.has(market)
}

const europeanCurrencies = ['EUR', 'GBP', 'DKK', 'SEK', 'NOK', 'CHF']

/** The currencies of a market's sheet: European sheets carry six. */
export function sheetCurrencies(market: Market): readonly string[] {
  return market.region === 'Europe' ? europeanCurrencies : [market.currency]
}

const symbols: Readonly<Record<string, string>> = {
  USD: '$',
  EUR: '€',
  GBP: '£',
  JPY: '¥',
  INR: '₹',
  KRW: '₩',
  BRL: 'R$',
  CNY: '¥',
}

export function symbolOf(currency: string): string {
  return symbols[currency] ?? currency
}

/** Decimals of a list price. */
export function decimalsOf(currency: string): number {
  return currency === 'JPY' || currency === 'KRW' ? 0 : 2
}

/** How many units of a currency the invented list prices take for one dollar. Set by hand, and not an exchange rate. */
export const listFactor: Readonly<Record<string, number>> = {
  USD: 1,
  EUR: 0.95,
  GBP: 0.82,
  DKK: 7.1,
  SEK: 10.9,
  NOK: 11.2,
  CHF: 0.9,
  AUD: 1.55,
  NZD: 1.68,
  CAD: 1.37,
  JPY: 152,
  KRW: 1380,
  INR: 84,
  TWD: 32,
  BRL: 5.6,
  CNY: 7.2,
}

/** Units per dollar of the exchange-rate file, invented: every sheet currency and some that are in no sheet. */
export const unitsPerDollar: Readonly<Record<string, number>> = {
  ...listFactor,
  EUR: 0.9237,
  GBP: 0.7881,
  AED: 3.6732,
  ARS: 1012.5,
  CLP: 948.3,
  COP: 4105.2,
  CZK: 23.41,
  HUF: 366.2,
  ILS: 3.702,
  MXN: 18.935,
  PLN: 3.981,
  RON: 4.597,
  SAR: 3.7501,
  THB: 34.61,
  TRY: 34.12,
  VES: 40,
  ZAR: 17.88,
}
