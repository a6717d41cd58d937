// What a price rule is about, as a form asks for it: everything, a product group, a product or a plan.
import type { ScopeInput } from '#modules/pricing'
import type { ShownScope } from '#views/pricing/rule-page.ts'
import { listScopeGroups, searchPlans, searchProducts } from '#views/pricing/search-scopes.ts'
import { textOf } from '#web/forms.ts'
import type { deskOf } from './desk.ts'
import { planFound } from './plan-found.ts'
import { softwareInFull } from './software-words.ts'

/** `prefix` where a form asks for several: `scopes.0`. */
export function scopeTyped(form: FormData, prefix = 'scope'): ScopeInput {
  const kind = textOf(form, `${prefix}.kind`)
  return kind === 'all' || kind === '' ? { kind: 'all' } : { kind, id: textOf(form, `${prefix}.${kind}`) }
}

/** A fault of the scope's id stands at the field of its kind. */
export function scopeField(form: FormData, name: string): string {
  return name.replace(
    /^(scopes\.\d+|scope)\.id$/,
    (_, prefix: string) => `${prefix}.${textOf(form, `${prefix}.kind`)}`,
  )
}

/** The choices of the drop-downs; what is chosen is always among them. */
export async function scopeChoices(
  { app, actor }: ReturnType<typeof deskOf>,
  including: readonly (string | undefined)[] = [],
  q = '',
) {
  const ask = { q, including: including.flatMap((id) => id ?? []), limit: 50 }
  const [products, plans, groups] = await Promise.all([
    searchProducts(app.db, actor, ask),
    searchPlans(app.db, actor, ask),
    listScopeGroups(app.db, actor),
  ])
  return {
    products: products.map(({ id, name, code }) => ({ id, name, about: code })),
    plans: plans.map(planFound),
    groups: groups.map(({ id, name }) => ({ value: id, label: name })),
  }
}

export type ScopeChoices = Awaited<ReturnType<typeof scopeChoices>>

/** `Office LTSC Standard · commercial · 1 year · …`; `Everything`. */
export function scopeWords({ kind, name, sku }: ShownScope): string {
  if (kind === 'group') return `Group ${name}`
  if (kind !== 'plan' || !sku) return name
  return `${name} · ${sku.split(':').length === 5 ? softwareInFull(sku) : sku}`
}
