// An account as every tab of its page shows it: what its heading says, which tabs there are, and the fields of its form.
import { money, moneyText } from '#kernel/money.ts'
import type { Right, Staff } from '#modules/users'
import type { AccountHead } from '#views/accounts/view-account.ts'
import { momentDisplay } from '#web/format.ts'
import { accountFields, transactionCurrencies } from './account-form.ts'

export type AccountShown = ReturnType<typeof accountShown>

export function accountShown({ account, parent, block }: AccountHead, actor: Staff) {
  return {
    id: account.id,
    number: account.number,
    name: account.name,
    kind: account.kind === 'reseller' ? 'Reseller' : account.parentId ? 'Customer' : 'Direct customer',
    isReseller: account.kind === 'reseller',
    state: account.state,
    parent,
    block: block && {
      reason: block.reason,
      about: `${momentDisplay(block.blockedAt)}, ${block.blockedBy}`,
    },
    tabs: tabsOf(account, actor),
    fields: accountFields(account),
    paymentDays: account.paymentDays === undefined ? '' : String(account.paymentDays),
    creditLimit:
      account.creditLimitMinor === undefined
        ? ''
        : moneyText(money(account.creditLimitMinor, account.currency)),
    transactionCurrency: account.transactionCurrency ?? '',
    transactionCurrencies: account.parentId ? undefined : transactionCurrencies(),
    copyKeyMailsTo: account.copyKeyMailsTo.join(', '),
    externalReference: account.externalReference ?? '',
    contact: {
      name: `${account.contactFirstName} ${account.contactLastName}`.trim(),
      email: account.email,
      phone: account.phone,
    },
    mayManage: actor.rights.has('manage-accounts'),
    mayChangeTerms: actor.rights.has('manage-accounts') && actor.rights.has('change-terms'),
    mayOrder: actor.rights.has('order-on-behalf') && account.state !== 'blocked',
  }
}

function tabsOf({ id, kind }: AccountHead['account'], actor: Staff): { to: string; label: string }[] {
  const tabs: readonly (readonly [place: string, label: string, needs: Right])[] = [
    ['', 'Overview', 'see-accounts'],
    ['/users', 'Contacts and users', 'see-accounts'],
    ...(kind === 'reseller' ? [['/customers', 'Customers', 'see-accounts'] as const] : []),
    ['/orders', 'Orders', 'see-orders'],
    ['/assets', 'Licences', 'see-assets'],
    ['/subscriptions', 'Subscriptions', 'see-assets'],
    ['/invoices', 'Invoices', 'see-invoices'],
    ['/sync', 'Provisioning Sync Status', 'see-accounts'],
  ]
  return tabs
    .filter(([, , needs]) => actor.rights.has(needs))
    .map(([place, label]) => ({ to: `/accounts/${id}${place}`, label }))
}
