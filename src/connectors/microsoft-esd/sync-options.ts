// What the vendor must know about an account (product.md E10), and our own: where keys are sent. The two e-mails are two
// fields, so that an operator who synchronizes an account never redirects keys by accident (E5).
import type { SyncOption } from '#modules/accounts'

export const syncOptions: readonly SyncOption[] = [
  {
    id: 'parentAccount',
    name: 'Parent Account',
    hint: 'Must be blank, for resellers and end customers alike.',
    type: 'text',
    isRequired: false,
    isInStorefront: false,
    mustBeBlank: true,
  },
  {
    id: 'email',
    name: 'Email',
    hint: 'The contact Microsoft ESD knows this account by. Keys are not sent here.',
    type: 'email',
    isRequired: true,
    isInStorefront: false,
    preset: (account) => account.email,
  },
  {
    id: 'role',
    name: 'Role',
    hint: 'Reseller, or User for an end customer.',
    type: 'choice',
    choices: ['Reseller', 'User'],
    isRequired: true,
    isInStorefront: false,
    preset: (account) => (account.kind === 'reseller' ? 'Reseller' : 'User'),
  },
  {
    id: 'keyDeliveryEmail',
    name: 'E-mail that receives the keys',
    hint: 'Every licence is sent to this address, with its key and activation link.',
    type: 'email',
    isRequired: true,
    isInStorefront: true,
  },
]
