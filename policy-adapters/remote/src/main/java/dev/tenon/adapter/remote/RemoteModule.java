package dev.tenon.adapter.remote;

import dev.tenon.spi.lifecycle.Module;
import dev.tenon.spi.lifecycle.ModuleContext;
import dev.tenon.spi.lifecycle.Running;
import dev.tenon.spi.policy.AdapterFactory;

/** Offers {@link Remote} and {@link RemoteAttributes}, whose connections live on the kernel's loops. */
public final class RemoteModule implements Module {
  @Override
  public String name() {
    return "tenon-adapter-remote";
  }

  @Override
  public Running start(ModuleContext context) {
    context.settings().finish();
    Dial dial = new Dial(context.ports().loops(), context.ports().channelType());
    context.offer(AdapterFactory.class, new Remote(dial));
    context.offer(AdapterFactory.class, new RemoteAttributes(dial));
    return () -> {};
  }
}
