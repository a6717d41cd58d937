// Every list there is: what exports and benchmarks go through.
import { accountList } from '../accounts/list-accounts.ts'
import { assetList } from '../assets/list-assets.ts'
import { productGroupList } from '../catalogue/list-product-groups.ts'
import { productList } from '../catalogue/list-products.ts'
import { invoiceList } from '../invoices/list-invoices.ts'
import { paymentList } from '../invoices/list-payments.ts'
import { orderQueue } from '../orders/list-order-queue.ts'
import { orderList } from '../orders/list-orders.ts'
import { auditList } from '../setup/list-audit.ts'
import { jobList } from '../setup/list-jobs.ts'
import { mailList } from '../setup/list-mails.ts'
import { subscriptionList } from '../subscriptions/list-subscriptions.ts'
import { apiKeyList } from '../users/list-api-keys.ts'
import { staffList } from '../users/list-staff.ts'
import type { AnyList } from './list.ts'

export const allLists: readonly AnyList[] = [
  orderList,
  orderQueue,
  accountList,
  assetList,
  subscriptionList,
  invoiceList,
  paymentList,
  mailList,
  jobList,
  auditList,
  staffList,
  apiKeyList,
  productGroupList,
  productList,
]

export function findList(name: string): AnyList | undefined {
  return allLists.find((list) => list.name === name)
}
