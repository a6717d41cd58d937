// Variables that several notifications share.
import { variable } from './default-notification.ts'

export const customer = [
  variable('customer.name', 'Company that uses the licence', 'Kavárna Žižkov s.r.o.'),
  variable(
    'customer.contactName',
    'Who is written to, for the greeting; empty where it goes to several people, or to an address nobody is known at',
    'Žofie Nováková',
  ),
]
export const reseller = variable('reseller.name', 'Who sold it; empty for a direct customer', 'Brightside IT')
export const seller = [
  variable('seller.name', 'Our company', 'Contoso Distribution'),
  variable('seller.email', 'Our address for questions', 'support@contoso.example'),
  variable('seller.phone', 'Our telephone number; may be empty', '+49 30 555 0100'),
]
export const order = variable('order.number', 'Number of the order', 'O-2026-000123')
