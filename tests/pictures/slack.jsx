import React from 'react';
import {createRoot} from 'react-dom/client';
import {Message} from 'slack-blocks-to-jsx';

const blocks = (payload) => payload.blocks || [{type: 'section', text: {type: 'plain_text', text: payload.text}}];

createRoot(document.getElementById('root')).render(
  window.PAYLOADS.map((payload, n) => (
    <Message key={n} logo={window.LOGO} name="Briefbot" time={new Date('2026-11-16T08:00:00Z')} theme="light" blocks={blocks(payload)} />
  )),
);

// Every field of words is drawn as if it took several lines.
const words = window.PAYLOADS.flatMap((payload) => payload.blocks || []).filter((block) => block.element?.type === 'plain_text_input');
setTimeout(() => {
  document.querySelectorAll('textarea').forEach((area, n) => {
    area.style.cssText += words[n].element.multiline ? 'height:76px' : 'height:36px;min-height:0;resize:none';
  });
}, 500);
