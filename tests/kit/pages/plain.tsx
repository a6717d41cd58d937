import { Page } from '#web/ui/page.tsx'

export const handle = { scripts: false }

export default function Plain() {
  return <Page title="No scripts here">A page without interaction ships none.</Page>
}
