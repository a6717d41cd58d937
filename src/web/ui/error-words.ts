// What a status means to somebody who only wanted a page.
export type ErrorWords = { readonly title: string; readonly advice: string }

const words: Readonly<Record<number, ErrorWords>> = {
  400: { title: 'This request could not be read', advice: 'Please go back and try once more.' },
  403: {
    title: 'This is not open to you',
    advice: 'Your role does not include it. An administrator of your company can change that.',
  },
  404: { title: 'There is nothing here', advice: 'The page may have moved, or it belongs to somebody else.' },
  405: {
    title: 'This page only shows things',
    advice: 'It does not take forms. Please go back and try once more.',
  },
  409: {
    title: 'Not possible any more',
    advice: 'Things have changed in the meantime. Reload the page to see how they stand.',
  },
  413: { title: 'That is too large', advice: 'Files may have up to 20 MB.' },
  422: { title: 'The rules say no', advice: 'Please go back and check what you entered.' },
  429: { title: 'Too many tries', advice: 'Please wait a few minutes before you try again.' },
  503: {
    title: 'We will be right back',
    advice:
      'A part of the system is away for a moment. Nothing was changed; please try again in a few seconds.',
  },
}

const unexpected: ErrorWords = {
  title: 'Something broke on our side',
  advice: 'It has been logged, and nothing half done was kept. Trying again often helps.',
}

export function errorWords(status: number): ErrorWords {
  return (
    words[status] ??
    (status >= 500 ? unexpected : { title: 'This did not work', advice: 'Please go back and try once more.' })
  )
}
