import { Form, Link } from 'react-router'
import type { LicencePage } from '#web/storefront/licence-shown.ts'
import { SmallButton } from '#web/ui/button.tsx'
import { Card, Facts } from '#web/ui/page.tsx'

export function LicenceFacts({ licence }: { licence: LicencePage }) {
  return (
    <Card title="Details">
      <Facts
        facts={[
          ['End customer', licence.customer],
          ['Billed to', licence.billingTo],
          [
            'Order',
            <Link key="order" to={`/orders/${licence.order.id}`}>
              {licence.order.number}
            </Link>,
          ],
          ['Bought', licence.boughtAt],
          ['Price paid', `${licence.price} excl. VAT`],
          ['SKU', licence.sku],
          ['Token', licence.token],
          ['Return', licence.returnStatus === 'None' ? '' : licence.returnStatus],
          ['Checked', licence.checkedAt],
          ['Cancelled', licence.cancelledAt],
          ...licence.invoices.map((invoice): [string, React.ReactNode] => [
            invoice.isCredit ? 'Credit invoice' : 'Invoice',
            <Link key={invoice.id} to={`/invoices/${invoice.id}`}>
              {invoice.number}
            </Link>,
          ]),
        ]}
      />
      {licence.mayCheck && (
        <Form method="post" preventScrollReset>
          <SmallButton name="intent" value="check">
            Check now
          </SmallButton>
        </Form>
      )}
    </Card>
  )
}
