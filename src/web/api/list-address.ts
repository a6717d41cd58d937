// Which rows of which list: a list of the back office by its name and its address.
import { z } from 'zod'

export const ListName = z
  .string()
  .max(40)
  .describe(
    'The list’s name: `orders`, `accounts`, `assets`, `subscriptions`, `invoices`, `payments`, `products`, `mails`, `jobs`, `users`, `api-keys`, `product-groups`.',
  )
  .meta({ examples: ['assets'] })

export const ListAddress = z
  .string()
  .max(2000)
  .describe(
    'How it is narrowed, sorted and shown: the address of the list in the back office after its question mark, search words as `q`. Empty: every row. A filter the list does not have is refused.',
  )
  .meta({ examples: ['filter=trouble&boughtFrom=2026-11-01&sort=-bought'] })
