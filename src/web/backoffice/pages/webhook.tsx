// One webhook: what it is told of, how it fares, and everything it was told in the last thirty days.
import { type ActionFunctionArgs, data, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { bodyOf } from '#flows/webhooks/deliver-webhook.ts'
import {
  BOTH_SECRETS_HOURS,
  changeWebhook,
  removeWebhook,
  rollWebhookSecret,
  sendAgain,
  sendTestEvent,
  setWebhookState,
} from '#flows/webhooks/manage-webhooks.ts'
import { asId } from '#kernel/ids.ts'
import type { WebhookDeliveryId, WebhookId } from '#modules/webhooks'
import { listShownDeliveries, viewWebhook } from '#views/webhooks/webhooks.ts'
import { askedOf, choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { eventGroups } from '#web/backoffice/webhook-shown.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, noSuchForm, textOf, textsOf } from '#web/forms.ts'
import { Actions, PostButton, Submit } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { FilterLinks, List, Toolbar } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { WebhookFields, WebhookSecret } from '../parts/webhook-fields.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Webhook' }]

const states = ['waiting', 'failed', 'delivered'] as const

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = asId<WebhookId>(args.params['id'] ?? '', 'webhook')
  const [webhook, { items, nextCursor }] = await Promise.all([
    viewWebhook(app.db, actor, { id }),
    listShownDeliveries(app.db, actor, {
      webhookId: id,
      cursor: askedOf(args.url).cursor,
      state: choiceOf(args.url, 'state', states),
      limit: 25,
    }),
  ])
  return {
    groups: eventGroups,
    hours: BOTH_SECRETS_HOURS,
    webhook: {
      name: webhook.name,
      url: webhook.url,
      events: webhook.events,
      state: webhook.state,
      pausedBecause: webhook.pausedBecause ?? '',
      failingSince: webhook.failingSince ? momentDisplay(webhook.failingSince) : '',
      formerUntil:
        webhook.formerSecretUntil && Temporal.Instant.compare(app.now(), webhook.formerSecretUntil) < 0
          ? momentDisplay(webhook.formerSecretUntil)
          : '',
    },
    deliveries: items.map((delivery) => ({
      id: delivery.id,
      event: delivery.eventType,
      number: typeof delivery.facts['number'] === 'string' ? delivery.facts['number'] : '',
      happenedAt: momentDisplay(delivery.happenedAt, 'en', { seconds: true }),
      state: delivery.state,
      tries: delivery.tries,
      next: delivery.nextTryAt ? momentDisplay(delivery.nextTryAt) : '',
      answer: [delivery.status, delivery.answer].filter(Boolean).join(' '),
      body: JSON.stringify(JSON.parse(bodyOf(app.settings.publicUrl, delivery)), null, 2),
    })),
    nextCursor,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const id = asId<WebhookId>(args.params['id'] ?? '', 'webhook')
  const here = `/setup/webhooks/${id}`
  return answerForm(form, async () => {
    switch (textOf(form, 'intent')) {
      case 'pause':
        await setWebhookState(app, actor, { id, state: 'paused' })
        return done(here, 'Paused. What happens from now on is not kept for it.')
      case 'resume':
        await setWebhookState(app, actor, { id, state: 'active' })
        return done(here, 'Active again. What was waiting is sent now.')
      case 'roll': {
        const { secret } = await rollWebhookSecret(app, actor, { id })
        return data({ secret }, { headers: { 'cache-control': 'no-store' } })
      }
      case 'delete':
        await removeWebhook(app, actor, { id })
        return done('/setup/webhooks', 'The webhook is deleted.')
      case 'test':
        await sendTestEvent(app, actor, { id })
        return done(here, 'A test event is on its way. It stands first below.')
      case 'again':
        await sendAgain(app, actor, {
          webhookId: id,
          id: asId<WebhookDeliveryId>(textOf(form, 'deliveryId'), 'delivery'),
        })
        return done(here, 'Sent again.')
      case 'again-all': {
        // All that is kept: thirty days.
        const failedSince = app.now().subtract({ hours: 31 * 24 })
        const { count } = await sendAgain(app, actor, { webhookId: id, failedSince })
        return done(here, `${count} sent again.`)
      }
      case 'save': {
        const input = {
          name: textOf(form, 'name'),
          url: textOf(form, 'url'),
          events: textsOf(form, 'events'),
        }
        await changeWebhook(app, actor, { id, ...input })
        return done(here, 'The webhook is saved.')
      }
      default:
        throw noSuchForm()
    }
  })
}

export default function WebhookPage() {
  const { webhook, deliveries, nextCursor, groups, hours } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<{ secret?: string }>()
  const isPaused = webhook.state === 'paused'
  return (
    <Page
      title={webhook.name}
      crumbs={[{ to: '/setup/webhooks', label: 'Webhooks' }]}
      lead={<State>{webhook.state}</State>}
      actions={
        <>
          <PostButton intent="test">Send a test event</PostButton>
          <PostButton intent={isPaused ? 'resume' : 'pause'}>{isPaused ? 'Resume' : 'Pause'}</PostButton>
        </>
      }
    >
      <AutoRefresh isOn={!isPaused && deliveries.some((each) => each.state === 'waiting' && !each.next)} />
      <FormNotice state={state} />
      {more?.secret && <WebhookSecret title="This is the new secret. Copy it now:" secret={more.secret} />}
      {webhook.pausedBecause && (
        <Notice tone="danger" title="It was paused by itself">
          <p>{webhook.pausedBecause} Mend the other side, or change the address, and resume it.</p>
        </Notice>
      )}
      {!isPaused && webhook.failingSince && (
        <Notice tone="warning" title={`Nothing has been taken since ${webhook.failingSince}`}>
          <p>Every call is tried again for almost two days. After five days without success it is paused.</p>
        </Notice>
      )}
      {webhook.formerUntil && (
        <Notice tone="info" title={`Calls are signed with both secrets until ${webhook.formerUntil}`} />
      )}
      <Section title="What it was told">
        <Toolbar>
          <FilterLinks
            name="state"
            choices={[
              { value: 'waiting', label: 'Waiting' },
              { value: 'failed', label: 'Failed' },
              { value: 'delivered', label: 'Delivered' },
            ]}
          />
          <PostButton intent="again-all" size="small">
            Send again what failed
          </PostButton>
        </Toolbar>
        <List
          caption="What it was told"
          heads={['Event', 'When', 'State', 'Tries', 'Answer', '']}
          numeric={[3]}
          nextCursor={nextCursor}
          empty={
            <Empty title="Nothing yet">
              Whatever happens from now on stands here with what the address answered.
            </Empty>
          }
          rows={deliveries.map((delivery) => ({
            key: delivery.id,
            cells: [
              <>
                {delivery.event}
                {delivery.number && <span className="block text-muted">{delivery.number}</span>}
                <details className="font-normal">
                  <summary className="text-[0.9286em] text-brand-text">What is sent</summary>
                  <pre className="mt-1 max-w-[36rem] overflow-x-auto rounded-md bg-sunken p-3 text-[0.8571em]">
                    {delivery.body}
                  </pre>
                </details>
              </>,
              delivery.happenedAt,
              <>
                <State>{delivery.state}</State>
                {delivery.next && (
                  <span className="mt-1 block text-[0.9286em] text-muted">again at {delivery.next}</span>
                )}
              </>,
              delivery.tries,
              <span key="a" className="line-clamp-3 break-all">
                {delivery.answer}
              </span>,
              delivery.state !== 'waiting' && (
                <PostButton
                  intent="again"
                  fields={{ deliveryId: delivery.id }}
                  size="small"
                  aria-label={`Send ${delivery.event} again`}
                >
                  Send again
                </PostButton>
              ),
            ],
          }))}
        />
      </Section>
      <Card title="What it is told of, and where">
        <Form method="post" className="grid gap-5">
          <WebhookFields groups={groups} known={webhook} state={state} />
          <Actions>
            <Submit name="intent" value="save">
              Save
            </Submit>
          </Actions>
        </Form>
      </Card>
      <Card title="Secret and end">
        <p className="text-muted">
          A new secret takes over at once; for {hours} hours calls carry both signatures, so that the other
          side can change over.
        </p>
        <Form method="post">
          <Actions>
            <ConfirmButton
              button="Roll the secret"
              tone="plain"
              title="Roll the secret?"
              question={`The new one is shown once. The present one signs too for ${hours} hours.`}
              value="roll"
            />
            <ConfirmButton
              button="Delete the webhook"
              tone="danger"
              title={`Delete ${webhook.name}?`}
              question="It is told nothing more, and what it was told is forgotten."
              value="delete"
            />
          </Actions>
        </Form>
      </Card>
    </Page>
  )
}
