import { type ActionFunctionArgs, Form, useActionData } from 'react-router'
import { invalid } from '#kernel/failure.ts'
import { answerForm, done, readForm, textOf } from '#web/forms.ts'
import { Badge } from '#web/ui/badge.tsx'
import { Actions, Button, LinkButton, SmallButton, Submit } from '#web/ui/button.tsx'
import { Combobox } from '#web/ui/combobox.tsx'
import { KeyText } from '#web/ui/copy-button.tsx'
import { Checkbox, EmailField, Field, RadioGroup, SelectField, TextArea } from '#web/ui/field.tsx'
import { type FormState, valueOf } from '#web/ui/form-state.ts'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, Facts, Page, Section, Stack } from '#web/ui/page.tsx'
import { Progress, Stepper, Timeline } from '#web/ui/progress.tsx'
import { QuantityField } from '#web/ui/quantity-field.tsx'

export const meta = () => [{ title: 'Kit in the shop' }]

const rules = [
  ['email', (text: string) => /^\S+@\S+$/.test(text), 'This is not an e-mail address.'],
  ['quantity', (text: string) => /^[1-9]\d?$|^100$/.test(text), 'Give a whole number from 1 to 100.'],
  ['country', (text: string) => text !== '', 'Choose a country.'],
] as const

export async function action({ request }: ActionFunctionArgs) {
  const form = await readForm(request)
  return answerForm(form, async () => {
    const wrong = rules.filter(([name, holds]) => !holds(textOf(form, name)))
    if (wrong.length > 0)
      throw invalid(...wrong.map(([name, , message]) => ({ pointer: `/${name}`, code: 'wrong', message })))
    return done('/shop', `Ordered ${textOf(form, 'quantity')}.`)
  })
}

export default function Shop() {
  const state = useActionData() as FormState | undefined
  return (
    <Page
      title="Windows 11 Pro"
      lead="The kit, in the Storefront's frame"
      crumbs={[{ to: '/shop', label: 'Products' }]}
      actions={<Badge tone="success">Delivered</Badge>}
    >
      <Stepper
        label="Checkout"
        steps={['For whom', 'End customer', 'Service details', 'Review']}
        current={1}
      />
      <Notice tone="info">
        Your licences are being made. You may close this page; every key also comes by e-mail.
      </Notice>
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
        <div className="grid content-start gap-6">
          <Card title="A form">
            <Form method="post" className="grid gap-5" noValidate>
              <FormNotice state={state} />
              <Combobox
                label="End customer"
                name="customer"
                searchPath="/search.json"
                found={[{ id: '1', name: 'Adler Werkzeuge GmbH', about: 'adler.example, C-100001' }]}
                hint="Type a part of the name, number or e-mail."
              />
              <div className="grid gap-5 sm:grid-cols-2">
                <EmailField
                  label="E-mail"
                  name="email"
                  required
                  defaultValue={valueOf(state, 'email')}
                  error={state?.errors['email']}
                  hint="Keys are sent here."
                />
                <SelectField
                  label="Country"
                  name="country"
                  placeholder="Choose…"
                  options={[
                    { value: 'DE', label: 'Germany' },
                    { value: 'PL', label: 'Poland' },
                  ]}
                  defaultValue={valueOf(state, 'country')}
                  error={state?.errors['country']}
                />
              </div>
              <QuantityField
                label="Quantity"
                name="quantity"
                defaultValue={valueOf(state, 'quantity', '3')}
                error={state?.errors['quantity']}
                max={100}
              />
              <RadioGroup
                label="Edition"
                name="edition"
                defaultValue="a"
                choices={[
                  {
                    value: 'a',
                    label: 'Germany, German',
                    hint: 'FQC-10528',
                    aside: <strong>€199.00</strong>,
                  },
                  { value: 'b', label: 'Poland, Polish', hint: 'FQC-10529', aside: <strong>€189.00</strong> },
                ]}
              />
              <TextArea label="Comment" name="comment" rows={2} />
              <Checkbox label="These licences are for reselling" name="resale" defaultChecked />
              <Actions>
                <Submit pendingText="Placing your order…">Complete order</Submit>
                <LinkButton to="/shop" tone="quiet">
                  Back
                </LinkButton>
              </Actions>
            </Form>
          </Card>
          <Stack
            title="3 × Office LTSC 2024"
            about="Germany, German · 2PM-00020"
            aside={<strong>€897.00</strong>}
            count="Show the 3 licences"
          >
            {[1, 2, 3].map((number) => (
              <li key={number} className="flex items-center justify-between gap-4 py-2">
                Licence {number} of 3<SmallButton aria-label={`Remove licence ${number}`}>Remove</SmallButton>
              </li>
            ))}
          </Stack>
          <Empty title="Your basket is empty" action={<LinkButton to="/shop">Browse products</LinkButton>}>
            Anything you add waits here until you are ready.
          </Empty>
        </div>
        <div className="grid content-start gap-6">
          <Card title="Total">
            <Facts
              facts={[
                ['Net', '€897.00'],
                ['VAT 19%', '€170.43'],
                ['Total', <strong key="t">€1,067.43</strong>],
                ['Note', undefined],
              ]}
            />
            <Progress label="Licences delivered" done={2} of={3} />
            <Progress label="Asking the vendor" />
          </Card>
          <Card title="Key">
            <KeyText text="EXAMP-LEKEY-DOESN-OTACT-IVATE" />
          </Card>
          <Section title="Timeline">
            <Timeline
              steps={[
                { key: '1', text: 'Order placed', at: '10:02:11', about: 'Anna Berg' },
                { key: '2', text: 'Key requested', at: '10:02:12', tone: 'info', isOpen: true },
                {
                  key: '3',
                  text: 'Vendor did not answer',
                  at: '10:02:42',
                  tone: 'danger',
                  about: 'Try 1 of 5',
                },
              ]}
            />
          </Section>
          {(['success', 'warning', 'danger', 'neutral'] as const).map((tone) => (
            <Notice key={tone} tone={tone} title={tone}>
              A word of this tone.
            </Notice>
          ))}
          <Actions>
            <Button>Plain</Button>
            <Button tone="danger">Cancel licence</Button>
          </Actions>
        </div>
      </div>
    </Page>
  )
}
