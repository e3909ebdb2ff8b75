/** Renders the page with the only button. */
export const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>One-click backup</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 44rem; margin: 4rem auto; padding: 0 1rem }
  button { font: inherit; font-weight: 600; padding: .75rem 1.5rem; border: 0; border-radius: .5rem; background: #2563eb; color: #fff; cursor: pointer }
  button:hover { background: #1d4ed8 }
  output { display: block; margin: .75rem 0 1.5rem; min-height: 1.5em; opacity: .75 }
  table { width: 100%; border-collapse: collapse }
  td { padding: .4rem .5rem .4rem 0; border-top: 1px solid #8884 }
  td:nth-child(2) { width: 100% }
  td:last-child { text-align: right; white-space: nowrap }
  code { font-size: .85em }
  progress { display: block; width: 100%; accent-color: #16a34a }
</style>
<h1>One-click backup</h1>
<button id="start">Back up all my files</button>
<output id="answer" aria-live="polite"></output>
<table aria-label="Backups"><tbody id="backups"></tbody></table>
<script>
  const rows = new Map();
  const tbody = document.getElementById('backups');
  const answer = document.getElementById('answer');
  function show(backup) {
    let row = rows.get(backup.id);
    if (!row) {
      row = tbody.insertRow(0);
      row.innerHTML = '<td><code></code></td><td><progress max="1" value="0"></progress></td><td></td>';
      row.querySelector('code').textContent = backup.id.slice(0, 8);
      rows.set(backup.id, row);
    }
    const done = backup.state === 'DONE';
    row.querySelector('progress').value = done ? 1 : backup.filesTotal ? backup.filesDone / backup.filesTotal : 0;
    row.cells[2].textContent = backup.state.toLowerCase() + (backup.filesTotal ? ' · ' + backup.filesDone + '/' + backup.filesTotal + ' files' : '');
  }
  document.getElementById('start').onclick = async () => {
    const from = performance.now();
    try {
      const response = await fetch('/backups', { method: 'POST' });
      if (!response.ok) throw new Error('status ' + response.status);
      const { id } = await response.json();
      answer.textContent = 'Accepted in ' + Math.round(performance.now() - from) + ' ms. You can go on; it happens in the background.';
      show({ id, state: 'ACCEPTED', filesDone: 0, filesTotal: 0 });
    } catch (error) {
      answer.textContent = 'Not accepted: ' + error.message;
    }
  };
  const events = new EventSource('/events');
  // What happened before the events began, and while they were interrupted, is in the list.
  events.onopen = () => fetch('/backups').then((response) => response.json()).then((list) => list.forEach(show));
  events.onmessage = ({ data }) => show(JSON.parse(data));
</script>
</html>
`;
