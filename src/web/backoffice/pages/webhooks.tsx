// Webhooks: addresses of other systems that are told what happens. A secret is shown once, in the answer to its making.
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useLoaderData,
} from 'react-router'
import { createWebhook } from '#flows/webhooks/manage-webhooks.ts'
import { listShownWebhooks } from '#views/webhooks/webhooks.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { eventCount, eventGroups } from '#web/backoffice/webhook-shown.ts'
import { answerForm, textOf, textsOf } from '#web/forms.ts'
import { Actions, Submit } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Empty, Page } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { WebhookFields, WebhookSecret } from '../parts/webhook-fields.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Webhooks' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const webhooks = await listShownWebhooks(app.db, actor)
  return {
    groups: eventGroups,
    webhooks: webhooks.map((webhook) => ({
      id: webhook.id,
      name: webhook.name,
      url: webhook.url,
      events: eventCount(webhook.events),
      state: webhook.state,
      pausedBecause: webhook.pausedBecause ?? '',
      waiting: webhook.waiting,
      failed: webhook.failed,
    })),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const name = textOf(form, 'name')
    const input = { name, url: textOf(form, 'url'), events: textsOf(form, 'events') }
    const { id, secret } = await createWebhook(app, actor, input)
    return data({ made: { id, name, secret } }, { headers: { 'cache-control': 'no-store' } })
  })
}

export default function Webhooks() {
  const { webhooks, groups } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<{ made?: { id: string; name: string; secret: string } }>()
  return (
    <Page
      title="Webhooks"
      lead="Other systems are told what becomes of orders, licences, subscriptions, invoices and accounts, a moment after it happened."
    >
      <FormNotice state={state} />
      {more?.made && (
        <WebhookSecret
          title={`“${more.made.name}” is made. Copy its secret now:`}
          secret={more.made.secret}
        />
      )}
      {webhooks.length === 0 ? (
        <Empty title="No webhooks yet">
          Your ERP or help desk asks our API again and again, or is told: make a webhook for it.
        </Empty>
      ) : (
        <Table
          caption="Webhooks"
          heads={['Name', 'Told of', 'State', 'Waiting', 'Failed']}
          numeric={[3, 4]}
          rows={webhooks.map((webhook) => ({
            key: webhook.id,
            cells: [
              <>
                <Link to={`/setup/webhooks/${webhook.id}`}>{webhook.name}</Link>
                <span className="block text-[0.9286em] font-normal break-all text-muted">{webhook.url}</span>
              </>,
              webhook.events,
              <>
                <State>{webhook.state}</State>
                {webhook.pausedBecause && (
                  <span className="mt-1 block text-[0.9286em] text-muted">{webhook.pausedBecause}</span>
                )}
              </>,
              webhook.waiting,
              webhook.failed > 0 ? (
                <Link to={`/setup/webhooks/${webhook.id}?state=failed`}>{webhook.failed}</Link>
              ) : (
                0
              ),
            ],
          }))}
        />
      )}
      <Card title="Make a webhook">
        <Form key={webhooks.length} method="post" className="grid gap-5">
          <WebhookFields groups={groups} state={state} />
          <Actions>
            <Submit>Make webhook</Submit>
          </Actions>
        </Form>
      </Card>
    </Page>
  )
}
