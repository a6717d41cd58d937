export { handleError, handleRequest as default } from '../render.tsx'
