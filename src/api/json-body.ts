import type { ApiApp } from './api-app.ts';
import { problems } from './errors.ts';

/**
 * Takes JSON bodies and no others. A body that is not JSON is told with the parser's reason and place; an empty one
 * counts as no body, because some clients send the content type with every POST.
 */
export function takeJsonBodies(app: ApiApp): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    if (text.trim() === '') return done(null, undefined);
    return parse(request, text, (error, value) => {
      if (error === null) done(null, value);
      else done(problems.bodyNotJson(reasonOf(text)), undefined);
    });
  });
}

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  // It is JSON, and the framework's parser refused it all the same: it holds a key that could change prototypes.
  return 'it has a key "__proto__" or "constructor.prototype"';
}
