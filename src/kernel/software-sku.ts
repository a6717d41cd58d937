// The SKU of a software plan: everything the vendor tells plans apart by, as `DG7GMGF0EX01:0003:commercial:P3Y:annual`.
import { invariant } from './failure.ts'
import type { BillingPlan } from './term.ts'

export type Segment = 'commercial' | 'education' | 'nonprofit' | 'government'

export type SoftwareSku = {
  readonly productCode: string
  readonly skuCode: string
  readonly segment: Segment
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
  return { productCode, skuCode, segment: segment as Segment, term, billingPlan: billingPlan as BillingPlan }
}
