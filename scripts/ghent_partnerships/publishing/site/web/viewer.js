// Shows the description of the API in Swagger UI, when it is asked for: it weighs more than all else on the page.
import { _, address, element } from "./page.js";

const section = document.getElementById("trying");

/** A file of the bundle, once the page has loaded it. */
function loaded(made) {
  return new Promise((resolve, reject) => {
    made.addEventListener("load", resolve);
    made.addEventListener("error", reject);
    document.head.append(made);
  });
}

async function show(button) {
  const status = section.querySelector("[role=status]");
  button.disabled = true;
  status.textContent = _("Loading…");
  try {
    await Promise.all([
      loaded(element("link", { rel: "stylesheet", href: address("assets/swagger-ui.css") })),
      loaded(element("script", { src: address("assets/swagger-ui-bundle.js") })),
    ]);
    globalThis.SwaggerUIBundle({
      deepLinking: false,
      domNode: document.getElementById("viewer"),
      tryItOutEnabled: true,
      url: section.dataset.description,
      validatorUrl: null, // nothing is asked of another host
    });
    status.textContent = "";
    button.hidden = true;
  } catch {
    button.disabled = false;
    status.textContent = _("The description could not be loaded.");
  }
}

if (section) {
  section.hidden = false;
  const button = document.getElementById("try");
  button.addEventListener("click", () => show(button));
}
