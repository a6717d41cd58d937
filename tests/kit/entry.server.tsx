export { handleError, handleRequest as default } from '#web/render.tsx'
