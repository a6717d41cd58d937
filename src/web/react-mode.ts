// React decides at its first import which of its two builds it is, and the pages are built for the production one. Imported
// before anything that imports React.
process.env.NODE_ENV ??= 'production'
