import { Form } from 'react-router'
import type { LicencePage } from '#web/storefront/licence-shown.ts'
import { Button, Submit } from '#web/ui/button.tsx'
import { KeyText } from '#web/ui/copy-button.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { muted } from '#web/ui/tone.ts'

type Revealed = { key: string; activationLink?: string | undefined }

/** The key: masked, until somebody asks to see it. Looking is written down. */
export function LicenceKey({ licence, revealed }: { licence: LicencePage; revealed: Revealed | undefined }) {
  return (
    <Card title="Key">
      <AutoRefresh isOn={licence.isPending && !revealed} />
      {licence.failureReason && (
        <Notice tone="danger">
          <p>{licence.failureReason} You are not charged for it until it is delivered.</p>
          {licence.may.retry && (
            <Form method="post" className="mt-3">
              <Button name="intent" value="retry">
                Retry
              </Button>
            </Form>
          )}
        </Notice>
      )}
      {licence.isPending && (
        <p className={muted}>
          {licence.isAwaitingKey
            ? 'There is no key at the moment. It is delivered by itself as soon as one arrives.'
            : 'The key is being made. It comes by e-mail too.'}
        </p>
      )}
      {revealed ? (
        <div className="grid gap-3" role="status">
          <KeyText text={revealed.key} />
          {revealed.activationLink && (
            <p>
              <a href={revealed.activationLink} rel="noreferrer noopener" target="_blank">
                Activate online
              </a>
            </p>
          )}
          <p className={`text-sm ${muted}`}>Shown once. That you looked is in the audit log.</p>
        </div>
      ) : (
        licence.keyMask && (
          <div className="flex flex-wrap items-center gap-4">
            <code className={`text-lg break-all ${licence.isCancelled ? `line-through ${muted}` : ''}`}>
              {licence.keyMask}
            </code>
            {licence.may.reveal && (
              <Form method="post" preventScrollReset>
                <Submit name="intent" value="reveal">
                  Reveal key
                </Submit>
              </Form>
            )}
          </div>
        )
      )}
      {!revealed && licence.hasActivationLink && licence.may.reveal && (
        <p className={`text-sm ${muted}`}>The activation link is shown together with the key.</p>
      )}
      {licence.isCancelled && licence.keyMask && (
        <p className={muted}>
          Given back{licence.cancelledAt && ` on ${licence.cancelledAt}`}: this key activates nothing any
          more.
        </p>
      )}
      {licence.downloadLink && !licence.isCancelled && (
        <p>
          <a href={licence.downloadLink} rel="noreferrer noopener" target="_blank">
            Download the software
          </a>
          {licence.downloadExpires && (
            <span className={`text-sm ${muted}`}> · until {licence.downloadExpires}</span>
          )}
        </p>
      )}
    </Card>
  )
}
