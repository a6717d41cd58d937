// What a mail says, as its reader sees it: HTML in a frame that runs no scripts and opens nothing, and its text part.

/** The page's policy holds inside the frame too: style sheets are refused there, styles on the elements are not, and a mail has both. */
const withoutStyleSheet = (html: string) => html.replace(/<style[\s\S]*?<\/style>/g, '')

export function MailShown({ html, text }: { html: string; text: string }) {
  return (
    <>
      <iframe
        title="The mail as HTML"
        sandbox=""
        srcDoc={withoutStyleSheet(html)}
        className="h-150 w-full rounded-lg border border-line bg-white"
      />
      <details>
        <summary className="inline-flex min-h-8 items-center font-medium text-brand-text">
          The text part
        </summary>
        <pre className="overflow-auto rounded-lg bg-sunken p-3 text-[0.9286em] whitespace-pre-wrap">
          {text}
        </pre>
      </details>
    </>
  )
}
