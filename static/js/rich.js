// Text with layout: the plain field becomes an editor (ProseMirror) once somebody wants to write, and what it holds is
// written back into the form. Until then, and without a script, the plain field does.
const composer = document.querySelector("[data-composer]");
const form = composer?.querySelector("[data-write=reply]");
const field = form?.elements.text;
const toolbar = form?.querySelector("[data-toolbar]");
const words = composer?.querySelector("[data-words]").dataset;
let loading = null;

if (form) begin();

function begin() {
  composer.ready = ready;
  field.addEventListener("focus", () => ready());
  // A press leaves the caret where it is: what is typed next goes into the text at once.
  toolbar.addEventListener("mousedown", (event) => { if (event.target.closest("[data-does]")) event.preventDefault(); });
  toolbar.addEventListener("click", (event) => { const does = event.target.closest("[data-does]"); if (does) press(does.dataset.does); });
  toolbar.addEventListener("keydown", walk);
  toolbar.querySelector("[data-link-set]").addEventListener("click", setLink);
  toolbar.querySelector("[data-link-off]").addEventListener("click", () => { composer.editor.chain().focus().extendMarkRange("link").unsetLink().run(); hideLink(); });
  toolbar.querySelector("[data-link-address]").addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); setLink(); }
    if (event.key === "Escape") { event.stopPropagation(); hideLink(); composer.editor.commands.focus(); }
  });
  field.addEventListener("input", plainAgain);
  const laid = form.querySelector("[data-laid-out]");
  if (!laid) return;
  form.elements.html.value = laid.innerHTML; // so that nothing is sent or saved without it
  ready();
}

// Somebody writes into the plain field before the editor is there: then that is what counts.
function plainAgain() {
  if (composer.editor) return;
  form.elements.html.value = "";
  form.querySelector("[data-laid-out]")?.remove();
}

function ready() {
  loading ??= import(composer.dataset.editor).then(mount).catch((error) => {
    console.info("The editor did not load; the plain field stays.", error.message);
    loading = null;
    plainAgain();
  });
  return loading;
}

async function mount(kit) {
  if (field.matches(":focus")) await composed();
  const spot = document.createElement("div");
  spot.className = "rich-place";
  const had = field.matches(":focus");
  const caret = field.selectionStart;
  const plain = field.value;
  const laid = form.querySelector("[data-laid-out]")?.innerHTML;
  const Picture = kit.Image.extend({ // our own uploads alone: what else is pasted could not leave
    addAttributes: () => ({ src: { default: null }, alt: { default: null } }),
    parseHTML: () => [{ tag: "img[src*='/draft/files/']" }],
  });
  const Link = kit.Link.extend({ addKeyboardShortcuts: () => ({}) }); // Ctrl+K belongs to the page
  const extensions = [
    kit.Document, kit.Paragraph, kit.Text, kit.HardBreak, kit.Bold, kit.Italic, kit.Strike, kit.Underline, kit.Code, kit.CodeBlock,
    kit.Blockquote, kit.BulletList, kit.OrderedList, kit.ListItem, kit.History, kit.Gapcursor, kit.Dropcursor,
    Link.configure({ openOnClick: false, autolink: true, defaultProtocol: "https" }),
    kit.Table.configure({ resizable: false }), kit.TableRow, kit.TableHeader, kit.TableCell,
    Picture.configure({ inline: true, allowBase64: false }),
  ];
  field.before(spot);
  const editor = new kit.Editor({
    element: spot, extensions, injectCSS: false, content: laid ?? asHtml(plain),
    editorProps: {
      attributes: { class: "editor", role: "textbox", "aria-multiline": "true", "aria-labelledby": "answer-label", id: "answer-rich" },
      transformPastedHTML: withoutHandlers,
      handlePaste: (_view, event) => pictures(event.clipboardData?.files, event),
      handleDrop: (_view, event) => pictures(event.dataTransfer?.files, event),
    },
    onUpdate: written,
    onTransaction: shown,
  });
  composer.editor = editor;
  if (had) {
    editor.commands.setTextSelection(position(editor.state.doc, plain.slice(0, caret)));
    editor.view.focus(); // at once: between the field and commands.focus(), which waits for a frame, a key would be lost
  }
  field.classList.remove("editor");
  field.hidden = true;
  field.required = false;
  write();
  return editor;
}

// Somebody in the middle of a letter of several keys (a dead key, Japanese) finishes it first.
const composed = () => new Promise((done) => {
  let at = setTimeout(done);
  field.addEventListener("compositionstart", () => clearTimeout(at), { once: true });
  field.addEventListener("compositionend", () => { at = setTimeout(done); }, { once: true });
});

// Where a caret after this much plain text stands in the document that was made of it.
function position(doc, before) {
  const wanted = before.replace(/\n{2,}/g, "\n").length;
  let seen = 0, at = 1;
  doc.descendants((node, pos) => {
    if (node.isTextblock && pos > 0) seen += 1;
    if (node.isText) {
      if (seen <= wanted) at = pos + Math.min(node.nodeSize, wanted - seen);
      seen += node.nodeSize;
    } else if (node.type.name === "hardBreak") {
      seen += 1;
      if (seen <= wanted) at = pos + 1;
    } else if (node.isTextblock && seen <= wanted) at = pos + 1;
    return true;
  });
  return at;
}

function asHtml(text) {
  const holder = document.createElement("p");
  return text.split(/\n{2,}/).map((paragraph) => {
    holder.textContent = paragraph;
    return `<p>${holder.innerHTML.replaceAll("\n", "<br>")}</p>`;
  }).join("");
}

function write() {
  const empty = composer.editor.isEmpty;
  form.elements.html.value = empty ? "" : composer.editor.getHTML();
  field.value = empty ? "" : composer.editor.getText({ blockSeparator: "\n\n" });
}

function written() {
  write();
  composer.dispatchEvent(new Event("typed"));
}

function shown() {
  for (const one of toolbar.querySelectorAll("[aria-pressed]")) {
    const name = one.dataset.does;
    const on = composer.editor?.isActive(name) || (name === "code" && composer.editor?.isActive("codeBlock"));
    one.setAttribute("aria-pressed", String(Boolean(on)));
  }
}

async function press(name) {
  const editor = composer.editor ?? (await ready());
  if (!editor) return;
  const chain = editor.chain().focus();
  if (name === "bold") chain.toggleBold().run();
  else if (name === "italic") chain.toggleItalic().run();
  else if (name === "bulletList") chain.toggleBulletList().run();
  else if (name === "orderedList") chain.toggleOrderedList().run();
  else if (name === "blockquote") chain.toggleBlockquote().run();
  else if (name === "code") (editor.state.selection.empty ? chain.toggleCodeBlock() : chain.toggleCode()).run();
  else if (name === "link") showLink(editor);
  else if (name === "image") choose();
}

// Arrows walk a toolbar; Tab goes past it.
function walk(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || event.target.matches("input")) return;
  const all = [...toolbar.querySelectorAll("[data-does]")];
  const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
  all.forEach((one) => { one.tabIndex = one === next ? 0 : -1; });
  next.focus();
  event.preventDefault();
}

function showLink(editor) {
  const box = toolbar.querySelector("[data-link]");
  const address = box.querySelector("[data-link-address]");
  address.value = editor.getAttributes("link").href ?? "";
  box.hidden = false;
  address.focus();
}

function hideLink() { toolbar.querySelector("[data-link]").hidden = true; }

function setLink() {
  const typed = toolbar.querySelector("[data-link-address]").value.trim();
  const href = /^[a-z]+:/i.test(typed) ? typed : `https://${typed}`;
  const chain = composer.editor.chain().focus();
  if (!typed) chain.extendMarkRange("link").unsetLink().run();
  else if (composer.editor.state.selection.empty && !composer.editor.isActive("link")) chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
  else chain.extendMarkRange("link").setLink({ href }).run();
  hideLink();
}

function choose() {
  const picker = document.createElement("input");
  picker.type = "file";
  picker.accept = "image/png,image/jpeg,image/gif,image/webp";
  picker.addEventListener("change", () => pictures(picker.files));
  picker.click();
}

// Pasted or dropped: pictures go into the text, everything else beside it.
function pictures(files, event) {
  const given = [...(files ?? [])];
  if (!given.length || says(event?.clipboardData?.getData("text/html"))) return false;
  event?.preventDefault();
  for (const file of given) {
    if (!file.type.startsWith("image/")) composer.dispatchEvent(new CustomEvent("attach", { detail: { file } }));
    else composer.dispatchEvent(new CustomEvent("attach", { detail: { file, inline: true, done: place } }));
  }
  return true;
}

// The editor's schema would drop them, too, but only after the browser had looked at each and complained.
function withoutHandlers(html) {
  const pasted = new DOMParser().parseFromString(html, "text/html").body;
  for (const one of pasted.querySelectorAll("*")) {
    for (const { name } of [...one.attributes]) if (name.startsWith("on")) one.removeAttribute(name);
  }
  return pasted.innerHTML;
}

// A copied picture comes with HTML around it that says nothing; a copied table comes with a picture of itself.
const says = (html) => Boolean(html && new DOMParser().parseFromString(html, "text/html").body.textContent.trim());

function place({ url, name }) { composer.editor.chain().focus().setImage({ src: url, alt: name }).run(); }
