// The SKU of a software plan: everything the vendor tells plans apart by, as `DG7GMGF0EX01:0003:commercial:P3Y:annual`.
import { invariant } from '#kernel/failure.ts'
import type { BillingPlan } from '#kernel/term.ts'

export type SoftwareSku = {
  readonly productCode: string
  readonly skuCode: string
  readonly segment: string
  readonly term: string
  readonly billingPlan: BillingPlan
}

export function softwareSku(sku: SoftwareSku): string {
  return [sku.productCode, sku.skuCode, sku.segment, sku.term, sku.billingPlan].join(':')
}

export function readSoftwareSku(text: string): SoftwareSku {
  const [productCode, skuCode, segment, term, billingPlan] = text.split(':')
  invariant(
    productCode && skuCode && segment && term && billingPlan,
    `"${text}" is the SKU of a software plan`,
  )
  return { productCode, skuCode, segment, term, billingPlan: billingPlan as BillingPlan }
}
