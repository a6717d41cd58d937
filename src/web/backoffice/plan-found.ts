// A plan as a searchable drop-down shows it: the product, and below it what tells its plans apart.
import { countryName } from '#kernel/countries.ts'
import { type Price } from '#kernel/money.ts'
import type { SoftwareSku } from '#kernel/software-sku.ts'
import { priceDisplay } from '#web/format.ts'
import { softwareInFull } from './software-words.ts'

export function planFound(plan: {
  readonly id: string
  readonly name: string
  readonly vendorName: string
  readonly sku: string
  readonly country: string | undefined
  readonly language: string | undefined
  readonly software: SoftwareSku | undefined
  readonly isPublished: boolean
  readonly unitPrice?: Price | undefined
}): { id: string; name: string; about: string } {
  const { id, name, vendorName, sku, software, country, language, unitPrice, isPublished } = plan
  const about = software
    ? [softwareInFull(sku)]
    : [country && countryName(country, 'en'), language, sku, unitPrice && priceDisplay(unitPrice)]
  const holds = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase())
  const isTold = !software || vendorName === '' || holds(name, vendorName)
  return {
    id,
    name: isTold ? name : holds(vendorName, name) ? vendorName : `${name}: ${vendorName}`,
    about: [...about, !isPublished && 'not published'].filter(Boolean).join(' · '),
  }
}
