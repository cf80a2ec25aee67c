// No validatorUrl: the page asks nobody but the bridge.
SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', validatorUrl: null, deepLinking: true });
