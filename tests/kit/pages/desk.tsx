import { MoreHorizontal } from 'lucide-react'
import { Form, Link } from 'react-router'
import { Badge } from '#web/ui/badge.tsx'
import { LinkButton } from '#web/ui/button.tsx'
import { ConfirmButton, Menu, menuItem } from '#web/ui/dialog.tsx'
import { Field, SelectField } from '#web/ui/field.tsx'
import { Card, Facts, Fold, Page } from '#web/ui/page.tsx'
import { FilterLinks, Pager, SearchForm, Table, Tabs } from '#web/ui/table.tsx'
import type { Tone } from '#web/ui/tone.ts'

export const meta = () => [{ title: 'Kit in the back office' }]

const states: readonly (readonly [Tone, string])[] = [
  ['success', 'delivered'],
  ['info', 'in progress'],
  ['warning', 'waiting'],
  ['danger', 'failed'],
  ['neutral', 'cancelled'],
]

export function action() {
  return null
}

export default function Desk() {
  return (
    <Page
      title="Orders"
      lead="128 orders, 3 need a hand"
      actions={<LinkButton to="/desk">New order</LinkButton>}
    >
      <Tabs
        label="Order"
        current="/desk"
        tabs={[
          { to: '/desk', label: 'Orders' },
          { to: '/desk?b', label: 'Items' },
          { to: '/desk?c', label: 'Timeline' },
        ]}
      />
      <SearchForm label="Search orders" placeholder="Number, reference or customer" />
      <FilterLinks
        name="filter"
        current="waiting"
        choices={[
          { value: 'waiting', label: 'Waiting' },
          { value: 'open', label: 'In progress' },
        ]}
      />
      <Table
        caption="Orders"
        heads={[
          { label: 'Order', sort: 'number' },
          'Customer',
          'Billing to',
          'State',
          'Items',
          { label: 'Total', sort: 'total' },
          '',
        ]}
        numeric={[4, 5]}
        rows={Array.from({ length: 9 }, (_, index) => {
          const [tone, word] = states[index % 5] ?? ['neutral', '']
          return {
            key: String(index),
            cells: [
              <Link key="n" to="/desk">{`SO-10004${index}`}</Link>,
              'Bergmann & Söhne KG',
              index % 2 ? 'NordSoft Handels GmbH' : '',
              <Badge key="s" tone={tone}>
                {word}
              </Badge>,
              index + 1,
              `€${(index + 1) * 199}.00`,
              <Menu
                key="m"
                label={`Actions for SO-10004${index}`}
                button={<MoreHorizontal size={16} aria-hidden="true" />}
              >
                <Link to="/desk" className={menuItem}>
                  Open
                </Link>
              </Menu>,
            ],
          }
        })}
      />
      <Pager cursor="a" nextCursor="b" />
      <div className="grid gap-5 lg:grid-cols-2">
        <Card title="Sync Options">
          <Form method="post" className="grid gap-4">
            <Field label="Parent Account" name="parent" readOnly hint="Must be blank." />
            <Field
              label="Email"
              name="email"
              type="email"
              defaultValue="not an address"
              error="This is not an e-mail address."
            />
            <SelectField
              label="Role"
              name="role"
              options={[
                { value: 'Reseller', label: 'Reseller' },
                { value: 'User', label: 'User' },
              ]}
            />
            <div className="flex gap-2">
              <ConfirmButton
                button="Save & Synchronize"
                title="Synchronize"
                question="The account is created at the vendor with these options. Synchronize now?"
                value="synchronize"
              />
            </div>
          </Form>
        </Card>
        <div className="grid content-start gap-5">
          <Card title="Details">
            <Facts
              facts={[
                ['Customer', 'Bergmann & Söhne KG'],
                ['Billing to', 'NordSoft Handels GmbH'],
                ['Placed', '24 Nov 2026, 10:02'],
              ]}
            />
          </Card>
          <Fold title="Address" isOpen>
            Hafenstraße 12, 20457 Hamburg
          </Fold>
        </div>
      </div>
    </Page>
  )
}
